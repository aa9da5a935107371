// The page of one order: tells how far it is, and plays it once there is something to play.
const orderId = location.pathname.split('/').at(-1);
const orderUrl = `/v1/orders/${orderId}`;
const ends = ['completed', 'failed', 'canceled', 'timed_out'];
const sentences = {
  queued: 'Waiting for an encoder …',
  running: 'Being encoded …',
  completed: '',
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
  element('waiting').hidden = order.status === 'completed';
}

function say(text) {
  element('waiting').hidden = false;
  element('status').textContent = text;
}

function play({ hlsUrl, mp4Url }) {
  if (playing) return;
  if (!hlsUrl && !mp4Url) return say('The order is ready, but in no format that plays here.');
  playing = true;
  const video = element('video');
  const playlist = `${orderUrl}/playback/master.m3u8`;
  video.poster = `${orderUrl}/playback/poster.jpg`;
  video.hidden = false;
  if (!hlsUrl || !Hls.isSupported()) {
    video.src = hlsUrl ? playlist : `${orderUrl}/playback/video.mp4`;
    return;
  }
  // A stream that is still being encoded grows at its end; it is watched from its beginning all the same.
  const hls = new Hls({ workerPath: '/play/assets/hls.worker.js', startPosition: 0 });
  hls.on(Hls.Events.ERROR, (_event, { fatal, details }) => {
    if (fatal) say(`The stream does not play: ${details}`);
  });
  hls.loadSource(playlist);
  hls.attachMedia(video);
}

function take(order) {
  show(order);
  if (order.playback?.ready) play(order.playback);
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
  for (const type of ['queued', 'running', 'progress', 'playable', ...ends]) {
    events.addEventListener(`order.${type}`, ({ data }) => {
      take(JSON.parse(data).order);
      if (ends.includes(type)) events.close();
    });
  }
}

load().catch(() => {
  element('status').textContent = 'The server does not answer.';
});
