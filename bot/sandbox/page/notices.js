/** What Slackbot says to one person when something was refused; it lives in the page only. */

const SLACKBOT = {
  id: "USLACKBOT",
  real_name: "Slackbot",
  is_bot: false,
  avatar: { initials: "S", colour: "#4a154b" },
};

/** Builds a list of notices; `changed()` is told after one is added. */
export function createNotices(viewer, changed) {
  const notices = [];
  return {
    list: () => notices,
    add(error) {
      const now = viewer.now();
      notices.push({
        ts: (now / 1000 + notices.length / 1e5).toFixed(6),
        user: SLACKBOT.id,
        author: SLACKBOT,
        text: escaped(error.message),
        blocks: [],
        ephemeral: true,
        edited: false,
        sent_at: now.toISOString(),
      });
      changed();
    },
  };
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
