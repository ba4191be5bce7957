// Calls back ten times a second and at the exact moment asked for. It runs in a worker: a page's
// own timers are slowed to one a second in a hidden tab, and to one a minute after a while, which
// would make the cues late. The page's timer runs beside it, for a browser without workers.

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

  // Run; `edgeMs` from now something is due.
  start(edgeMs) {
    this.stop();
    this.beat = setInterval(this.act, TICK_MS);
    // A millisecond more, so that it is not found to be a little too early.
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
