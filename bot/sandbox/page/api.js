/** Talking to the sandbox: one function to read, one to post; a failure is an ApiError in words. */

/** What the sandbox refused: `code` for programs, `message` for people, `errors` by block. */
class ApiError extends Error {
  constructor({ error = "unreachable", message, errors = null }) {
    super(message ?? "The sandbox did not answer. Is it still running?");
    this.code = error;
    this.errors = errors;
  }
}

/** Reads one of the sandbox's documents. */
export function read(path, query = {}) {
  const suffix = new URLSearchParams(query).toString();
  return ask(`/sandbox/${path}${suffix ? `?${suffix}` : ""}`, { cache: "no-store" });
}

/** Sends one thing a person does. */
export function post(path, body) {
  return ask(`/sandbox/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Uploads a file that a person chose, and answers how the sandbox describes it. */
export async function upload(query, file) {
  const suffix = new URLSearchParams({ ...query, name: file.name }).toString();
  return (await ask(`/sandbox/upload?${suffix}`, { method: "POST", body: file })).file;
}

async function ask(url, init) {
  const response = await fetch(url, init).catch(() => null);
  const answer = await response?.json().catch(() => null);
  if (!answer) throw new ApiError({});
  if (answer.ok === false) throw new ApiError(answer);
  return answer;
}
