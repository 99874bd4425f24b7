/**
 * Common emoji by the names that Slack gives them; an unknown name stays text. Emoji come from
 * whatever font the machine has for them; where it has none they are written as `:name:`.
 */

const TABLE = `
smile 😄|smiley 😃|grinning 😀|slightly_smiling_face 🙂|blush 😊|wink 😉|joy 😂|laughing 😆|sweat_smile 😅
thinking_face 🤔|neutral_face 😐|worried 😟|cry 😢|sob 😭|heart_eyes 😍|sunglasses 😎|hugging_face 🤗
relieved 😌|sleeping 😴|zzz 💤|eyes 👀|wave 👋|raised_hands 🙌|clap 👏|pray 🙏|muscle 💪|ok_hand 👌
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|point_right 👉|point_left 👈|point_up ☝️|point_down 👇|handshake 🤝
raised_hand ✋|hand ✋|v ✌️|fire 🔥|sparkles ✨|star ⭐|star2 🌟|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁
trophy 🏆|medal 🏅|first_place_medal 🥇|heart ❤️|green_heart 💚|blue_heart 💙|purple_heart 💜
yellow_heart 💛|orange_heart 🧡|broken_heart 💔|rocket 🚀|bulb 💡|mega 📣|loudspeaker 📢|bell 🔔
no_bell 🔕|no_mobile_phones 📵|calendar 📆|date 📅|spiral_calendar_pad 🗓️|spiral_calendar 🗓️|clock 🕐|alarm_clock ⏰
clock1 🕐|clock2 🕑|clock3 🕒|clock4 🕓|clock5 🕔|clock6 🕕|clock7 🕖|clock8 🕗|clock9 🕘|clock10 🕙
clock11 🕚|clock12 🕛|stopwatch ⏱️|timer_clock ⏲️|hourglass ⌛|hourglass_flowing_sand ⏳|watch ⌚
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎
warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|exclamation ❗|question ❓|grey_question ❔
information_source ℹ️|red_circle 🔴|large_red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡
large_green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫
large_green_square 🟩|large_blue_square 🟦|large_yellow_square 🟨|large_red_square 🟥
memo 📝|pencil 📝|pencil2 ✏️|speech_balloon 💬|thought_balloon 💭|left_speech_bubble 🗨️|link 🔗
paperclip 📎|pushpin 📌|round_pushpin 📍|clipboard 📋|page_facing_up 📄|file_folder 📁|books 📚|book 📖
bookmark 🔖|notebook 📓|ledger 📒|newspaper 📰|email 📧|envelope ✉️|incoming_envelope 📨|inbox_tray 📥
outbox_tray 📤|mailbox 📫|package 📦|telephone_receiver 📞|phone ☎️|telephone ☎️|iphone 📱|headphones 🎧
microphone 🎤|studio_microphone 🎙️|movie_camera 🎥|video_camera 📹|computer 💻|desktop_computer 🖥️|keyboard ⌨️
mag 🔍|mag_right 🔎|lock 🔒|unlock 🔓|key 🔑|gear ⚙️|wrench 🔧|hammer_and_wrench 🛠️|toolbox 🧰|wastebasket 🗑️
chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|dart 🎯|seedling 🌱|herb 🌿
four_leaf_clover 🍀|sunny ☀️|cloud ☁️|rainbow 🌈|crescent_moon 🌙|full_moon 🌕|night_with_stars 🌃|sunrise 🌅
coffee ☕|tea 🍵|cake 🍰|birthday 🎂|cookie 🍪|pizza 🍕|beers 🍻|person_raising_hand 🙋|raising_hand 🙋
bust_in_silhouette 👤|busts_in_silhouette 👥|robot_face 🤖|brain 🧠|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️
arrow_down ⬇️|arrows_counterclockwise 🔄|repeat 🔁|leftwards_arrow_with_hook ↩️|heavy_plus_sign ➕
heavy_minus_sign ➖|small_blue_diamond 🔹|small_orange_diamond 🔸|black_small_square ▪️|white_small_square ▫️
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟|100 💯
house 🏠|office 🏢|school 🎓|mortar_board 🎓|globe_with_meridians 🌐|earth_africa 🌍|triangular_flag_on_post 🚩
checkered_flag 🏁|white_flag 🏳️|ticket 🎫|label 🏷️|hash #️⃣|new 🆕|ok 🆗|soon 🔜|back 🔙|sos 🆘
`;

const BY_NAME = new Map(
  TABLE.trim()
    .split(/[\n|]/)
    .map((entry) => entry.trim().split(" ")),
);

const BY_CHARACTER = new Map([...BY_NAME].map(([name, character]) => [bare(character), name]));
const CHARACTER = /[0-9#]\uFE0F?\u20E3|\p{Extended_Pictographic}\uFE0F?/gu;
const MISSING = "\u{10FFFE}";
const SIDE = 24;

const seen = new Map();

/** How a name such as "wave" is shown: its character, or null. Skin tones are left aside. */
export function emojiFor(name) {
  const character = BY_NAME.get(name);
  if (!character) return null;
  return canShow(character) ? character : `:${name}:`;
}

/** A text in which every emoji that no font here can show is written by its name. */
export function withReadableEmoji(text) {
  return text.replace(CHARACTER, (character) => {
    const name = BY_CHARACTER.get(bare(character));
    return name && !canShow(character) ? `:${name}:` : character;
  });
}

/** Whether a font here has it: what is missing looks like a character that there is nowhere. */
function canShow(character) {
  const last = [...bare(character)].at(-1);
  if (!seen.has(last)) seen.set(last, drawn(last) !== drawn(MISSING));
  return seen.get(last);
}

function drawn(character) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = "16px Lato, sans-serif";
  pen.textBaseline = "top";
  pen.fillText(character, 0, 0);
  return pen.getImageData(0, 0, SIDE, SIDE).data.join();
}

function bare(character) {
  return character.replaceAll("\uFE0F", "");
}
