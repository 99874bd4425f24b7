// One story of coaching, told with the published JavaScript library as it is: a supervisor coaches
// an agent. It is told where the API is, and who the two are, in one line of JSON on its input.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import platform from "purecloud-platform-client-v2";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const told = JSON.parse(readFileSync(0, "utf8"));
const now = Date.parse(told.now);
const used = new Set();

async function logIn({ clientId, clientSecret }) {
  const client = new platform.ApiClientClass();
  const { hostname, port, protocol } = new URL(told.url);
  client.setGateway({ host: hostname, port: Number(port), protocol: protocol.slice(0, -1) });
  const { accessToken } = await client.loginClientCredentialsGrant(clientId, clientSecret);
  assert.ok(accessToken);
  return watched(new platform.CoachingApi(client));
}

function watched(api) {
  return new Proxy(api, {
    get(target, name) {
      const found = target[name];
      if (typeof found !== "function") return found;
      used.add(name);
      return found.bind(target);
    },
  });
}

async function refused(call, status, code) {
  const error = await call.then(
    () => assert.fail(`should have been refused with ${status} ${code}`),
    (body) => body,
  );
  assert.deepEqual([error.status, error.code], [status, code]);
  assert.ok(error.message && error.contextId);
}

const at = (moment) => new Date(moment).toISOString();
const span = (start, end) => `${at(start)}/${at(end)}`;
const ids = (list) => list.map((each) => each.id);

const supervisor = await logIn(told.supervisor);
const agent = await logIn(told.agent);
const { personId } = told.agent;
const start = now + 2 * DAY;
const days = span(now, now + 7 * DAY);

// Schedule.
const made = await supervisor.postCoachingAppointments({
  name: "Call review",
  description: "Two calls from last week",
  dateStart: at(start),
  lengthInMinutes: 30,
  attendeeIds: [personId],
  externalLinks: ["https://example.com/a?b=c"],
  location: "Room 4",
});
assert.equal(made.status, "Scheduled");
assert.equal(Date.parse(made.dateStart), Math.floor(start / MINUTE) * MINUTE);
assert.deepEqual(await supervisor.getCoachingAppointment(made.id), made);
await refused(
  supervisor.postCoachingAppointments({
    name: "Twice",
    description: "At the same time",
    dateStart: made.dateStart,
    lengthInMinutes: 15,
    attendeeIds: [personId],
  }),
  409,
  "appointment.conflict",
);

// List.
const listed = await supervisor.getCoachingAppointments([personId, made.createdBy.id], {
  interval: days,
  intervalCondition: "StartsIn",
  statuses: ["Scheduled", "InProgress"],
  relationships: ["Attendee", "Creator"],
  overdue: "False",
  sortOrder: "Asc",
  pageNumber: 1,
  pageSize: 10,
});
assert.deepEqual(listed.entities, [made]);
assert.deepEqual([listed.total, listed.pageCount], [1, 1]);
assert.deepEqual(ids((await agent.getCoachingAppointmentsMe()).entities), [made.id]);

// Change, by sending the whole object back.
const changed = await supervisor.patchCoachingAppointment(made.id, { ...made, name: "Two calls" });
assert.deepEqual(
  { ...changed, dateModified: made.dateModified },
  { ...made, name: "Two calls" },
);
const conversationId = "a1b2c3d4-0000-4000-8000-00000000abcd";
const added = await supervisor.postCoachingAppointmentConversations(made.id, { conversationId });
assert.deepEqual([added.conversation.id, added.appointment.id], [conversationId, made.id]);

// Annotate.
const note = await supervisor.postCoachingAppointmentAnnotations(made.id, {
  text: "Well done",
  accessType: "Public",
});
const secret = await supervisor.postCoachingAppointmentAnnotations(made.id, {
  text: "Keep an eye on",
  accessType: "Private",
});
assert.deepEqual((await agent.getCoachingAppointmentAnnotations(made.id)).entities, [note]);
await refused(
  agent.getCoachingAppointmentAnnotation(made.id, secret.id),
  404,
  "annotation.not.found",
);
const edited = await supervisor.patchCoachingAppointmentAnnotation(made.id, note.id, {
  ...note,
  text: "Very well done",
});
assert.deepEqual(await agent.getCoachingAppointmentAnnotation(made.id, note.id), edited);
await supervisor.deleteCoachingAppointmentAnnotation(made.id, secret.id);
assert.deepEqual(
  ids((await supervisor.getCoachingAppointmentAnnotations(made.id)).entities),
  [note.id],
);

// Change the status.
const begun = await supervisor.patchCoachingAppointmentStatus(made.id, { status: "InProgress" });
assert.deepEqual([begun.status, begun.appointment.id], ["InProgress", made.id]);
const history = await agent.getCoachingAppointmentStatuses(made.id, { pageSize: 1, pageNumber: 2 });
assert.deepEqual(history.entities, [begun]);
assert.equal(history.total, 2);
await supervisor.patchCoachingAppointmentStatus(made.id, { status: "Scheduled" });

// Be told, and mark it as read.
const inbox = await agent.getCoachingNotifications({ expand: ["appointment"], pageSize: 100 });
const kinds = inbox.entities.map((each) => each.actionType);
assert.ok(["Create", "Update", "AnnotationAdded", "StatusChange"].every((k) => kinds.includes(k)));
const [entry] = inbox.entities;
assert.deepEqual([entry.markedAsRead, entry.user.id], [false, personId]);
assert.equal(entry.appointment.name, "Two calls");
await agent.patchCoachingNotification(entry.id, { ...entry, markedAsRead: true });
const read = await agent.getCoachingNotification(entry.id, { expand: ["appointment"] });
assert.deepEqual(read, { ...entry, markedAsRead: true });
await refused(
  supervisor.patchCoachingNotification(entry.id, { markedAsRead: false }),
  403,
  "forbidden",
);

// Count.
const counted = await supervisor.postCoachingAppointmentsAggregatesQuery({
  interval: days,
  metrics: ["nActivities", "nCompleteActivities"],
  groupBy: ["attendeeId"],
  filter: {
    type: "And",
    clauses: [{ type: "Or", predicates: [{ dimension: "attendeeId", value: personId }] }],
  },
});
const [{ group, data }] = counted.results;
assert.deepEqual(group, { attendeeId: personId });
assert.deepEqual(data[0].metrics, [
  { metric: "nActivities", stats: { count: 1 } },
  { metric: "nCompleteActivities", stats: { count: 0 } },
]);

// Find a slot.
const slots = await supervisor.postCoachingScheduleslotsQuery({
  interval: days,
  lengthInMinutes: 30,
  attendeeIds: [personId],
  interruptibleAppointmentIds: [made.id],
});
assert.ok(slots.suggestedSlots.length > 0);
assert.deepEqual(ids(slots.attendeeSchedules.map((each) => each.user)), [personId]);
const job = await supervisor.postCoachingScheduleslotsJobs({
  attendeeIds: [personId],
  facilitatorIds: [],
  lengthInMinutes: 30,
  activityCodeId: "coaching",
  intervals: [days],
  slotsType: "BestTime",
});
const done = await supervisor.getCoachingScheduleslotsJob(job.id);
assert.equal(done.results[0].status, "Complete");
assert.equal(done.results[0].hasConflict, false);
assert.ok(Date.parse(done.results[0].slot.dateStart) > now);

// Delete.
await refused(agent.deleteCoachingAppointment(made.id), 403, "forbidden");
await supervisor.deleteCoachingAppointment(made.id);
await refused(supervisor.getCoachingAppointment(made.id), 404, "appointment.not.found");
assert.equal((await agent.getCoachingAppointmentsMe()).total, 0);

const methods = Object.getOwnPropertyNames(platform.CoachingApi.prototype);
assert.deepEqual([...used].sort(), methods.filter((each) => each !== "constructor").sort());
console.log(`${used.size} methods`);
