// Messages by which tabs that show the same routine agree on which of them runs it.

export class Tabs {
  // `hear` is called with each message of another tab.
  constructor(hear) {
    this.tab = crypto.randomUUID?.() ?? String(Math.random());
    this.channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("holdwell-timer") : null;
    this.channel?.addEventListener("message", ({ data }) => { if (data.tab !== this.tab) hear(data); });
  }

  tell(message) { this.channel?.postMessage({ ...message, tab: this.tab }); }
}
