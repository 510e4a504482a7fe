// What script adds to the pages. Every page works without it.
import "./document.js";
import "./theme.js";
import "./tiles.js";
import "./popovers.js";
import "./dialogs.js";
import "./forms.js";
import "./filters.js";
import "./add-registry.js";
import "./edit.js";
import "./sign-in-link.js";
import "./live.js";
