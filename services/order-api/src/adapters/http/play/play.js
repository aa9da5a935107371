// The page of one order: tells how far it is, and plays it once there is something to play.
const orderId = location.pathname.split('/').at(-1);
const orderUrl = `/v1/orders/${orderId}`;
const ends = ['completed', 'failed', 'canceled', 'timed_out'];
const sentences = {
  queued: 'Waiting for an encoder …',
  running: 'Being encoded …',
  failed: 'The order failed.',
  canceled: 'The order was canceled.',
  timed_out: 'The order took too long and was given up.',
};

const element = (id) => document.getElementById(id);
let playing = false;

function show(order) {
  element('order').textContent = `Order ${order.id}`;
  const bar = element('progress');
  bar.hidden = ends.includes(order.status);
  bar.value = order.progress;
  element('status').textContent = order.error?.message ?? sentences[order.status] ?? '';
}

function play() {
  if (playing) return;
  playing = true;
  const video = element('video');
  const playlist = `${orderUrl}/playback/master.m3u8`;
  video.poster = `${orderUrl}/playback/poster.jpg`;
  video.hidden = false;
  element('waiting').hidden = true;
  if (!Hls.isSupported()) {
    video.src = playlist;
    return;
  }
  const hls = new Hls({ workerPath: '/play/assets/hls.worker.js' });
  hls.on(Hls.Events.ERROR, (_event, { fatal, details }) => {
    if (!fatal) return;
    element('waiting').hidden = false;
    element('status').textContent = `The stream does not play: ${details}`;
  });
  hls.loadSource(playlist);
  hls.attachMedia(video);
}

function take(order) {
  show(order);
  if (order.playback?.ready) play();
}

async function load() {
  const response = await fetch(orderUrl);
  const body = await response.json();
  if (!response.ok) {
    element('status').textContent = body.detail ?? body.title;
    return;
  }
  take(body);
  if (ends.includes(body.status)) return;
  const events = new EventSource(`${orderUrl}/events`);
  for (const type of ['queued', 'running', 'progress', ...ends]) {
    events.addEventListener(`order.${type}`, ({ data }) => {
      take(JSON.parse(data).order);
      if (ends.includes(type)) events.close();
    });
  }
}

load().catch(() => {
  element('status').textContent = 'The server does not answer.';
});
