// Cramps noted while the database is locked: kept in this browser until it is open here.

const PREFIX = "holdwell.cramp.";

export default function keep({ data: [data], setStateValue }) {
  const own = `${PREFIX}${data.person}.`;
  let kept = [];
  try {
    if (data.night) {
      const other = data.adds ? localStorage.getItem(own + data.night) : null;
      localStorage.setItem(own + data.night, (other ?? data.leg) === data.leg ? data.leg : "both");
    }
    for (const night of data.saved) localStorage.removeItem(own + night);
    kept = Object.keys(localStorage).filter((key) => key.startsWith(own))
      .map((key) => [key.slice(own.length), localStorage.getItem(key)]);
  } catch { /* a browser in private mode may refuse: then nothing is kept, and nothing is said */ }
  if (kept.length > 0 || data.saved.length > 0) setStateValue("kept", kept);
}
