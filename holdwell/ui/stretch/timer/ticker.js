// Calls back ten times a second and at one exact time. It runs in a worker, because the timers of a
// hidden tab are slowed to one a second, and after a while to one a minute, which would make cues
// late. The page's own timer runs too, for browsers without workers.

const TICK_MS = 100;
const WORKER = `
  let edge = null, beat = null;
  onmessage = ({ data }) => {
    clearTimeout(edge);
    clearInterval(beat);
    if (data === null) return;
    edge = setTimeout(() => postMessage(0), data);
    beat = setInterval(() => postMessage(0), ${TICK_MS});
  };
`;

export class Ticker {
  constructor(act) {
    this.act = act;
    this.beat = null;
    this.edge = null;
    try {
      const address = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
      this.worker = new Worker(address);
      this.worker.onmessage = () => this.beat && this.act();
      URL.revokeObjectURL(address);
    } catch { this.worker = null; }
  }

  // Start to tick. The exact time is `edgeMs` from now.
  start(edgeMs) {
    this.stop();
    this.beat = setInterval(this.act, TICK_MS);
    // A millisecond more, so that the callback never comes slightly early.
    const due = Math.max(0, edgeMs) + 1;
    this.edge = setTimeout(this.act, due);
    this.worker?.postMessage(due);
  }

  stop() {
    clearInterval(this.beat);
    clearTimeout(this.edge);
    this.beat = null;
    this.worker?.postMessage(null);
  }
}
