// Runs in the page. holdwellBench.visit(name) clicks a link of the navigation and resolves to the
// milliseconds until that page was painted; holdwellBench.quiet() waits until nothing changes.
window.holdwellBench = (() => {
  const GIVE_UP_MS = 30_000;
  const QUIET_MS = 150;
  const QUIET_AT_MOST_MS = 3_000;
  const SKELETONS = "[data-testid=stSkeleton], [data-testid=stSkeletonElement], .stSkeleton";
  const FAILURES = ".stException, [data-testid=stAlertContentError]";
  const TITLE = "[data-testid=stMainBlockContainer] :is(.stHeading, .hw-timer)";

  const running = () =>
    document.querySelector("[data-test-script-state]")?.dataset.testScriptState !== "notRunning";

  function drawn(chart) {
    const picture = chart.querySelector("canvas, svg");
    const { width = 0, height = 0 } = picture?.getBoundingClientRect() ?? {};
    if (width === 0 || height === 0) return false;
    if (picture.tagName !== "CANVAS") return picture.querySelector("path, text") !== null;
    // A canvas has its size before anything is drawn on it.
    const { data } = picture.getContext("2d").getImageData(0, 0, picture.width, picture.height);
    return new Uint32Array(data.buffer).some((pixel) => pixel !== 0);
  }

  // Returns what the page still lacks, the cheapest check first, or null if it is complete.
  function missing(name) {
    if (running()) return "the script runs";
    if (!document.querySelector(`.st-key-hw-nav-${name}-here`)) return "another page is shown";
    if (!document.querySelector(TITLE)) return "no title";
    if (document.querySelector("[data-stale=true]")) return "elements of an earlier run";
    if (document.querySelector(SKELETONS)) return "a skeleton";
    const components = [...document.querySelectorAll("[data-testid=stBidiComponentRegular]")];
    // A component has its style before its script is loaded and has built it.
    const built = (one) => one.querySelector(":not(style, :has(style))") !== null;
    if (!components.every(built)) return "a component to build";
    const charts = [...document.querySelectorAll(".stVegaLiteChart")];
    // A chart in a closed tab or expander is not drawn.
    if (!charts.filter((chart) => chart.checkVisibility()).every(drawn)) return "a chart to draw";
    return null;
  }

  function visit(name) {
    return new Promise((answer, fail) => {
      const place = `.st-key-hw-nav-${name}`;
      const link = document.querySelector(`:is(${place}, ${place}-here) a`);
      if (!link) throw new Error(`no link to ${name}`);
      const begun = performance.now();
      // A timeout, because a hidden tab gets no animation frames.
      const late = setTimeout(() => fail(new Error(missing(name) ?? "no frame")), GIVE_UP_MS);
      const look = () => {
        if (missing(name) !== null) {
          requestAnimationFrame(look);
          return;
        }
        // This frame is about to be painted; when the next frame begins, it is.
        requestAnimationFrame(() => {
          clearTimeout(late);
          const took = performance.now() - begun;
          const failure = document.querySelector(FAILURES);
          if (failure) fail(new Error(failure.textContent));
          else answer(took);
        });
      };
      link.click();
      requestAnimationFrame(look);
    });
  }

  function quiet() {
    return new Promise((answer) => {
      const finish = () => {
        watch.disconnect();
        clearTimeout(calm);
        clearTimeout(enough);
        answer();
      };
      const enough = setTimeout(finish, QUIET_AT_MOST_MS);
      let calm = setTimeout(finish, QUIET_MS);
      const watch = new MutationObserver(() => {
        clearTimeout(calm);
        calm = setTimeout(finish, QUIET_MS);
      });
      watch.observe(document.body, { subtree: true, childList: true, attributes: true });
    });
  }

  return { visit, quiet, missing };
})();
