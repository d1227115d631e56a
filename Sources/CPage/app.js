// The page of 'sora serve'. It talks to the API at /api/openapi.json and to nothing else.

const $ = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

// --- Talking to the server

async function call(path, options = {}) {
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch(path, options);
    if (answer.status === 401) { $("login").hidden = false; $("token").focus(); throw new Error("the server wants its token"); }
    // A full queue says when to come again; what is sent as a stream cannot be sent twice, and a file can.
    if (answer.status === 503 && attempt < 5) {
      await new Promise((done) => setTimeout(done, 1000 * Number(answer.headers.get("Retry-After") ?? 1)));
      continue;
    }
    if (answer.status === 204) return null;
    const body = await answer.json().catch(() => null);
    if (!answer.ok) throw new Error(body?.error?.message ?? `the server answered ${answer.status}`);
    return body;
  }
}

const send = (path, method, body) =>
  call(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

function say(error) {
  $("notice").textContent = error ? String(error.message ?? error) : "";
  $("notice").hidden = !error;
}

/// Runs what may fail, and says why.
async function attempt(work) {
  try { say(null); return await work(); } catch (error) { say(error); return undefined; }
}

$("login").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    const answer = await fetch("/api/session", { method: "POST", headers: { Authorization: `Bearer ${$("token").value}` } });
    if (!answer.ok) throw new Error("that is not the server's token");
    $("login").hidden = true;
    $("token").value = "";
    await start();
  });
});

// --- Small things

function clock(seconds) {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  const [hours, minutes, rest] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const end = rest.toFixed(1).padStart(4, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${end}` : `${minutes}:${end}`;
}

const node = (name, text, kind) => Object.assign(document.createElement(name), { textContent: text ?? "", className: kind ?? "" });
const preview = (video, start, end) => `/api/videos/${video}/preview?from=${start.toFixed(2)}&to=${Math.max(end, start + 0.5).toFixed(2)}`;
const thumbnail = (video, time) => `/api/videos/${video}/thumbnail?time=${time.toFixed(2)}`;

// Films play while they are seen.
const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) {
      if (!target.src) target.src = target.dataset.src;
      if (!calm) target.play().catch(() => {});
    } else target.pause();
  }
}, { rootMargin: "100px" });

// --- Cards

function card(video, start, end, { what, segment, labels = [], open = start } = {}) {
  const item = $("card").content.firstElementChild.cloneNode(true);
  const film = item.querySelector("video");
  film.poster = thumbnail(video.id, start);
  film.dataset.src = preview(video.id, start, end);
  watcher.observe(film);
  item.querySelector(".film").addEventListener("click", () => view(video, open));
  item.querySelector(".film").setAttribute("aria-label", `Open ${video.name} at ${clock(open)}`);
  item.querySelector(".what").textContent = what ?? "";
  item.querySelector(".where").replaceChildren(`${clock(start)} – ${clock(end)}`, document.createElement("br"), video.name);
  const tags = item.querySelector(".tags");
  const form = item.querySelector(".tag");
  if (!segment) { tags.remove(); form.remove(); item.querySelector(".acts").remove(); return item; }
  const show = (list) => tags.replaceChildren(...list.map((label) => {
    const tag = node("button", label.given ? `${label.name} ×` : `${label.name} ${Math.round(100 * label.probability)} %`, label.given ? "" : "derived");
    tag.type = "button";
    tag.title = label.given ? "Take this label away" : "This follows from other labels; click to confirm it";
    tag.addEventListener("click", () => attempt(async () => {
      if (label.given) await call(`/api/segments/${segment}/labels?name=${encodeURIComponent(label.name)}`, { method: "DELETE" });
      else await send(`/api/segments/${segment}/labels`, "PUT", { name: label.name });
      const rest = labels.filter((other) => other.name !== label.name);
      labels = label.given ? rest : [{ ...label, given: true }, ...rest];
      show(labels);
      await names();
    }));
    return tag;
  }));
  show(labels);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = form.querySelector("input").value.trim();
    if (!name) return;
    attempt(async () => {
      await send(`/api/segments/${segment}/labels`, "PUT", { name });
      labels = [{ name, given: true, probability: 1 }, ...labels.filter((other) => other.name !== name)];
      show(labels);
      form.reset();
      await names();
      item.dispatchEvent(new CustomEvent("labelled"));
    });
  });
  item.querySelector(".likethis").addEventListener("click", () => {
    go("search");
    searchBy({ kind: "like", segment, name: `more like ${video.name} at ${clock(start)}` });
  });
  return item;
}

// --- Searching

let query = null;
let turn = 0;

function filters() {
  const values = new URLSearchParams();
  const add = (name, id) => { if ($(id).value) values.set(name, $(id).value); };
  add("path", "f-path"); add("labelled", "f-label"); add("shortest", "f-shortest"); add("longest", "f-longest");
  values.set("count", "40");
  return values;
}

async function searchBy(next) {
  query = next;
  await search();
}

async function search() {
  if (!query) return;
  const own = ++turn;
  const values = filters();
  const isPart = query.duration > 0.2 && query.kind !== "like";
  if (isPart) {
    const [from, to] = part();
    if (from > 0.05) values.set("from", from.toFixed(2));
    if (to < query.duration - 0.05) values.set("to", to.toFixed(2));
  }
  $("state").textContent = query.upload || query.kind !== "file" ? "searching…" : `sending ${query.name} and looking at it…`;
  const found = await attempt(async () => {
    if (query.kind === "like") return call(`/api/search?like=${query.segment}&${values}`);
    if (query.kind === "video") return call(`/api/search?video=${query.video.id}&${values}`);
    if (query.upload) return call(`/api/search?upload=${query.upload}&${values}`);
    return call(`/api/search?${values}`, { method: "POST", body: query.file, headers: { "Content-Type": "application/octet-stream" } });
  });
  if (own !== turn) return;
  if (!found) { $("state").textContent = ""; return; }
  if (found.upload) query.upload = found.upload;
  // Of a picture there are no parts to search by.
  if (found.duration && query.kind === "file" && !query.duration && !query.isPicture) setRange(found.duration);
  const least = Number($("f-probability").value);
  const moments = found.moments.filter((moment) => moment.probability >= least);
  const result = moments.length
    ? `${moments.length} ${moments.length === 1 ? "moment" : "moments"}, the likeliest first`
    : "nothing found";
  $("state").textContent = [result, ...(found.warnings ?? [])].join("; ");
  $("moments").replaceChildren(...moments.map((moment) => card(moment.video, moment.start, moment.end, {
    what: (moment.likeness === undefined ? `${Math.round(100 * moment.probability)} % the same` : `alike by ${moment.likeness.toFixed(2)}`)
      + (moment.speed && moment.speed !== 1 ? `, at ${moment.speed.toFixed(2)} times the speed` : ""),
    segment: moment.segment, labels: moment.labels,
  })));
}

function show(file) {
  const isPicture = file.type.startsWith("image/");
  const place = URL.createObjectURL(file);
  $("query").hidden = false;
  $("player").hidden = isPicture;
  $("picture").hidden = !isPicture;
  $("range").hidden = true;
  if (isPicture) $("picture").src = place; else $("player").src = place;
  $("queryname").textContent = file.name;
  searchBy({ kind: "file", file, name: file.name, isPicture, duration: 0 });
}

function setRange(duration, from = 0, to = duration) {
  query.duration = duration;
  $("range").hidden = duration <= 0.2;
  for (const id of ["from", "to"]) { $(id).max = duration; $(id).step = Math.max(0.04, duration / 1000); }
  $("from").value = from;
  $("to").value = to;
  drawRange();
}

const part = () => [Number($("from").value), Number($("to").value)];

function drawRange() {
  const [from, to] = part();
  $("chosen").style.left = `${100 * from / query.duration}%`;
  $("chosen").style.right = `${100 - 100 * to / query.duration}%`;
  $("span").textContent = `searching from ${clock(from)} to ${clock(to)}`;
}

for (const id of ["from", "to"]) {
  $(id).addEventListener("input", () => {
    // The two stay half a second apart.
    const least = Math.min(0.5, query.duration / 2);
    const [from, to] = part();
    if (to - from < least) {
      if (id === "from") $("from").value = Math.max(0, to - least); else $("to").value = Math.min(query.duration, from + least);
    }
    if ($("player").readyState > 0) $("player").currentTime = Number($(id).value);
    drawRange();
  });
  $(id).addEventListener("change", search);
}

$("playpart").addEventListener("click", () => {
  const [from, to] = part();
  const player = $("player");
  player.currentTime = from;
  const stop = () => { if (player.currentTime >= to) { player.pause(); player.removeEventListener("timeupdate", stop); } };
  player.addEventListener("timeupdate", stop);
  player.play().catch(() => {});
});

$("clear").addEventListener("click", () => {
  query = null;
  $("query").hidden = true;
  $("player").removeAttribute("src");
  $("moments").replaceChildren();
  $("state").textContent = "";
  $("file").value = "";
  $("file").focus();
});

$("file").addEventListener("change", () => { if ($("file").files[0]) show($("file").files[0]); });
for (const name of ["dragover", "dragleave", "drop"]) {
  $("drop").addEventListener(name, (event) => {
    event.preventDefault();
    $("drop").classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files[0]) show(event.dataTransfer.files[0]);
  });
}
for (const id of ["f-path", "f-label", "f-probability", "f-shortest", "f-longest"]) $(id).addEventListener("change", search);

// --- Watching a video

let watched = null;

function view(video, time) {
  watched = video;
  $("filmerror").hidden = true;
  $("film").src = `/api/videos/${video.id}/file#t=${time.toFixed(2)}`;
  $("filmname").textContent = `${video.name}   ${video.width}×${video.height}, ${clock(video.duration)}, ${video.codec}`;
  $("viewer").showModal();
}

$("film").addEventListener("error", () => { $("filmerror").hidden = false; });
$("closeviewer").addEventListener("click", () => $("viewer").close());
$("viewer").addEventListener("close", () => { $("film").pause(); $("film").removeAttribute("src"); });
$("searchhere").addEventListener("click", () => {
  const [time, around] = [$("film").currentTime, Number($("around").value)];
  $("viewer").close();
  searchIn(watched, time - around / 2, time + around / 2);
});

/// Searches by a part of a video of the index. The address keeps it, so that it can be passed on.
function searchIn(video, start, end) {
  const [from, to] = [Math.max(0, start), Math.min(video.duration, end)];
  go("search", `?video=${video.id}&from=${from.toFixed(2)}&to=${to.toFixed(2)}`);
  $("query").hidden = false;
  $("picture").hidden = true;
  $("player").hidden = false;
  $("player").src = `/api/videos/${video.id}/file`;
  $("queryname").textContent = video.name;
  query = { kind: "video", video, name: video.name, duration: video.duration };
  setRange(video.duration, from, to);
  return search();
}

// --- Jobs

/// Shows a job as it goes; resolves when it is over.
function follow(job, place) {
  const box = node("div", "", "job");
  const [title, bar, detail] = [node("p"), document.createElement("progress"), node("p")];
  const stop = node("button", "Stop");
  stop.type = "button";
  stop.addEventListener("click", () => attempt(() => call(`/api/jobs/${job.id}`, { method: "DELETE" })));
  box.append(title, bar, detail, stop);
  box.setAttribute("aria-live", "polite");
  place.replaceChildren(box);
  return new Promise((done) => {
    const show = (state) => {
      const verbs = { index: "indexing", duplicates: "looking for copies", train: "training" };
      title.textContent = `${verbs[state.kind]}: ${state.state}` + (state.total ? `, ${state.done} of ${state.total}` : "");
      if (state.total) { bar.max = state.total; bar.value = state.done; }
      const parts = [];
      if (state.indexed) parts.push(`${state.indexed} indexed`);
      if (state.unchanged) parts.push(`${state.unchanged} as they were`);
      if (state.removed) parts.push(`${state.removed} taken out`);
      if (state.failed) parts.push(`${state.failed} failed: ${state.failures.map((each) => `${each.file}: ${each.message}`).join("; ")}`);
      if (state.message) parts.push(state.message);
      detail.textContent = parts.join(", ") || (state.current ?? "");
      if (["done", "failed", "cancelled"].includes(state.state)) {
        events.close();
        stop.remove();
        bar.remove();
        done(state);
      }
    };
    const events = new EventSource(`/api/jobs/${job.id}/events`);
    events.addEventListener("progress", (event) => show(JSON.parse(event.data)));
    events.addEventListener("error", async () => {
      // The stream ends with the job; else the browser opens it again.
      const state = await call(`/api/jobs/${job.id}`).catch(() => null);
      if (state) show(state);
    });
  });
}

// --- The library

let listed = 0;

async function library(isMore) {
  if (!isMore) listed = 0;
  const values = new URLSearchParams({ count: 24, offset: listed });
  if ($("find").value) values.set("path", $("find").value);
  const list = await attempt(() => call(`/api/videos?${values}`));
  if (!list) return;
  const cards = list.videos.map((video) => {
    const middle = video.duration / 2;
    return card(video, Math.max(0, middle - 1.5), Math.min(video.duration, middle + 1.5),
      { what: `${clock(video.duration)}, ${video.width}×${video.height}`, open: 0 });
  });
  if (isMore) $("videos").append(...cards); else $("videos").replaceChildren(...cards);
  listed += list.videos.length;
  $("more").hidden = listed >= list.total;
}

let finding;
$("find").addEventListener("input", () => { clearTimeout(finding); finding = setTimeout(() => library(false), 250); });
$("more").addEventListener("click", () => library(true));
for (const [id, removeMissing] of [["index", false], ["sync", true]]) {
  $(id).addEventListener("click", () => attempt(async () => {
    await follow(await send("/api/jobs", "POST", { kind: "index", removeMissing }), $("jobs"));
    await counts();
    await library(false);
  }));
}

// --- Copies

$("findcopies").addEventListener("click", () => attempt(async () => {
  await copies(await send("/api/jobs", "POST", { kind: "duplicates" }));
}));

/// What a search for copies finds, once it is done.
async function copies(started) {
  const job = await follow(started, $("copyjob"));
  const groups = job.groups ?? [];
  if (!groups.length) { $("groups").replaceChildren(node("p", job.state === "done" ? "There are no copies." : "")); return; }
  $("groups").replaceChildren(...groups.map((group) => {
    const box = node("section", "", "group");
    box.append(node("p", `Keep ${group.keep.name}`, "keep"));
    for (const copy of group.copies) {
      const pair = node("div", "", "pair");
      pair.append(side(group.keep, copy.kept, "to keep"), side(copy.video, copy.own, `${Math.round(100 * copy.probability)} % the same`));
      box.append(pair, node("p", copy.differences.length ? copy.differences.join(", ") : "no difference seen"));
    }
    return box;
  }));
}

/// The last search for copies, if there was one.
async function lastCopies() {
  const last = (await call("/api/jobs")).filter((job) => job.kind === "duplicates").pop();
  if (last && !$("groups").hasChildNodes()) await copies(last);
}

function side(video, [start, end], note) {
  const box = node("div");
  const film = document.createElement("video");
  Object.assign(film, { muted: true, loop: true, playsInline: true, preload: "none", controls: true, poster: thumbnail(video.id, start) });
  film.dataset.src = preview(video.id, start, Math.min(end, start + 4));
  watcher.observe(film);
  box.append(film, node("p", video.name), node("p", `${note}; ${video.width}×${video.height}, ${video.codec}, ${clock(start)} – ${clock(end)}`));
  return box;
}

// --- Labels

async function names() {
  const { labels } = await call("/api/labels");
  $("names").replaceChildren(...labels.map(({ name }) => Object.assign(document.createElement("option"), { value: name })));
  const chosen = $("f-label").value;
  $("f-label").replaceChildren(new Option("any", ""), ...labels.map(({ name }) => new Option(name, name)));
  $("f-label").value = labels.some(({ name }) => name === chosen) ? chosen : "";
  if (!labels.length) { $("labellist").replaceChildren(node("p", "No segment has a label yet.")); return; }
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const title of ["label", "given to", "spread to", ""]) head.append(node("th", title));
  for (const label of labels) {
    const row = table.insertRow();
    for (const text of [label.name, label.given, label.derived]) row.insertCell().textContent = text;
    const see = node("button", "See");
    see.type = "button";
    see.addEventListener("click", () => attempt(async () => {
      go("search");
      const found = await call(`/api/search?label=${encodeURIComponent(label.name)}&count=40`);
      $("state").textContent = `${found.moments.length} labelled ${label.name}`;
      $("moments").replaceChildren(...found.moments.map((moment) => card(moment.video, moment.start, moment.end,
        { segment: moment.segment, labels: moment.labels })));
    }));
    row.insertCell().append(see);
  }
  $("labellist").replaceChildren(table);
}

async function nextOnes() {
  const next = await attempt(() => call("/api/labels/next?count=6"));
  if (!next) return;
  $("next").replaceChildren(...next.map(({ video, segment, guesses }) => {
    const item = card(video, segment.start, segment.end, {
      what: guesses.slice(0, 2).map((guess) => `${guess.label} ${Math.round(100 * guess.probability)} %`).join(", ") || "no label yet",
      segment: segment.segment, labels: segment.labels,
    });
    item.addEventListener("labelled", () => { if (next.length > 1) item.style.opacity = 0.5; });
    return item;
  }));
}

$("train").addEventListener("click", () => attempt(async () => {
  const job = await follow(await send("/api/jobs", "POST", { kind: "train", above: Number($("above").value) }), $("trainjob"));
  if (job.state === "done") {
    const text = job.accuracy === undefined
      ? "How right that is cannot be said: give each label, of two at least, in two videos at least."
      : `${Math.round(100 * job.accuracy)} % of the labels given are right without their own video.`;
    $("trainjob").append(node("p", text));
  }
  await names();
  await nextOnes();
}));

// --- Views

const views = ["search", "library", "copies", "labels"];

function go(view, rest = "") {
  for (const name of views) {
    $(name).hidden = name !== view;
    const button = document.querySelector(`nav [data-view=${name}]`);
    if (name === view) button.setAttribute("aria-current", "page"); else button.removeAttribute("aria-current");
  }
  history.replaceState(null, "", `#${view}${rest}`);
  if (view === "library") library(false);
  if (view === "copies") attempt(lastCopies);
  if (view === "labels") attempt(async () => { await names(); await nextOnes(); });
}

for (const button of document.querySelectorAll("nav button")) button.addEventListener("click", () => go(button.dataset.view));

async function counts() {
  const health = await call("/api/health");
  $("counts").textContent = `${health.videos} ${health.videos === 1 ? "video" : "videos"}, ${health.segments} segments`;
}

async function start() {
  await attempt(async () => {
    await counts();
    await names();
    const [view, values] = location.hash.slice(1).split("?");
    const asked = new URLSearchParams(values);
    if (asked.has("video")) {
      const { video } = await call(`/api/videos/${asked.get("video")}`);
      await searchIn(video, Number(asked.get("from") ?? 0), Number(asked.get("to") ?? video.duration));
    } else go(views.includes(view) ? view : "search");
  });
}

start();
