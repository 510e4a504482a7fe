// The secret of a one-time link stands behind the # sign, which browsers do not send. It goes into the form and out
// of the address; only the button uses it up.
import { one } from "./document.js";

const form = one("#link-form");
const secret = decodeURIComponent(location.hash.slice(1));
if (form && secret) {
  one("#secret").value = secret;
  one("#link-field").hidden = true;
  one("#link-found").hidden = false;
  history.replaceState(null, "", location.pathname);
  one(".button-primary", form).focus();
}
