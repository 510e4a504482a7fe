// Reloads a page of a preview when the site changed, and shows what is wrong with the sources.
(() => {
  const own = document.currentScript.dataset.build;
  const panel = document.createElement("details");
  const summary = document.createElement("summary");
  const list = document.createElement("ol");
  panel.className = "quayside-preview";
  panel.append(summary, list);

  const count = (problems, severity) => {
    const number = problems.filter((problem) => problem.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? "" : "s"}`];
  };

  const show = (problems) => {
    if (problems.length === 0) {
      panel.remove();
      return;
    }
    const worst = problems[0].severity;
    // What somebody closed stays closed until it becomes worse.
    if (panel.dataset.worst !== worst) panel.open = worst !== "note";
    panel.dataset.worst = worst;
    summary.textContent = ["error", "warning", "note"]
      .flatMap((severity) => count(problems, severity))
      .join(", ");
    list.replaceChildren(
      ...problems.map((problem) => {
        const item = document.createElement("li");
        const text = document.createElement("pre");
        text.textContent = problem.text;
        item.append(text);
        return item;
      }),
    );
    document.body.append(panel);
  };

  new EventSource("/.preview/events").addEventListener("message", (event) => {
    const state = JSON.parse(event.data);
    if (String(state.build) === own) show(state.problems);
    else location.reload();
  });
})();
