// The page of one order: tells how far it is, and plays it once there is something to play.
// Its address is /play/{id}, or /play/{id}/{token} of a signed order.
const [, , orderId, token] = location.pathname.split('/');
const files = `/v1/orders/${orderId}${token ? `/signed/${token}` : ''}/playback`;
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

function show({ status, progress }) {
  const bar = element('progress');
  bar.hidden = ends.includes(status);
  bar.value = progress;
  element('status').textContent = sentences[status] ?? '';
  element('waiting').hidden = status === 'completed';
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
  const playlist = `${files}/master.m3u8`;
  video.poster = `${files}/poster.jpg`;
  video.hidden = false;
  if (!hlsUrl || !Hls.isSupported()) {
    video.src = hlsUrl ? playlist : `${files}/video.mp4`;
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

element('order').textContent = `Order ${orderId}`;
const events = new EventSource(`${files}/events`);
events.addEventListener('order', ({ data }) => {
  const order = JSON.parse(data);
  show(order);
  if (order.playback?.ready) play(order.playback);
  if (ends.includes(order.status)) events.close();
});
events.addEventListener('error', () => {
  // Otherwise it comes back by itself.
  if (events.readyState !== EventSource.CLOSED) return;
  if (!playing) say('There is no such stream, or its address has expired.');
});
