// System, light, dark. The server writes data-theme from the cookie, so that the first paint is right.
const themes = ["system", "light", "dark"];
const after = (theme) => themes[(themes.indexOf(theme) + 1) % themes.length];

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act=theme]");
  if (!button) return;
  event.preventDefault();
  const theme = button.value;
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  button.value = after(theme);
  button.setAttribute("aria-label", `Theme: ${theme}. Change to ${after(theme)}`);
});
