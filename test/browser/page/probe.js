// In the page under test: what its video shows. The film's frames carry their number (see support/film.ts).
const PROBE_COLUMNS = 16;
const PROBE_COLUMN_WIDTH = 8;

class Probe {
  frames = [];
  waits = 0;
  errors = [];

  /** Once the page's video can play. */
  async watch() {
    this.video = document.querySelector('video');
    this.video.muted = true;
    this.context = new OffscreenCanvas(PROBE_COLUMNS * PROBE_COLUMN_WIDTH, 72).getContext('2d', {
      willReadFrequently: true,
    });
    this.video.addEventListener('error', () => this.errors.push(this.video.error?.message));
    this.video.addEventListener('waiting', () => {
      // While it seeks, a player waits for what it has asked for: that is no stall.
      if (!this.video.seeking) this.waits++;
    });
    while (this.video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) await this.soon();
    this.note();
  }

  soon() {
    return new Promise((resolve) => setTimeout(resolve, 50));
  }

  note() {
    this.video.requestVideoFrameCallback((_now, { mediaTime }) => {
      this.frames.push({ mediaTime, number: this.numberShown() });
      this.note();
    });
  }

  /** Bit n is the brightness of the nth column. */
  numberShown() {
    const { width, height } = this.context.canvas;
    this.context.drawImage(this.video, 0, 0, width, height);
    let number = 0;
    for (let bit = 0; bit < PROBE_COLUMNS; bit++) {
      const x = (bit + 0.5) * PROBE_COLUMN_WIDTH;
      const [red] = this.context.getImageData(x, height / 2, 1, 1).data;
      if (red > 128) number += 2 ** bit;
    }
    return number;
  }

  /** Plays up to a time, or to the end: the frames that were shown, and what went wrong. */
  async playTo(seconds) {
    const { video, errors } = this;
    this.frames = [];
    this.waits = 0;
    await video.play();
    while (!video.ended && video.currentTime < seconds && errors.length === 0) await this.soon();
    video.pause();
    const { frames, waits } = this;
    return { frames, waits, errors, at: video.currentTime, ended: video.ended };
  }

  async seekTo(seconds) {
    const there = new Promise((resolve) => {
      this.video.addEventListener('seeked', resolve, { once: true });
    });
    this.video.currentTime = seconds;
    await there;
  }

  /** What captions say then. */
  async captionsAt(seconds) {
    const track = [...this.video.textTracks].find(({ kind }) => kind !== 'metadata');
    track.mode = 'showing';
    await this.seekTo(seconds);
    while (!track.activeCues?.length) await this.soon();
    return { text: track.activeCues[0].text, language: track.language };
  }

  /** Whether the picture that the last cue of a thumbnails file names is there. */
  async lastThumbnail(url) {
    const [picture] = (await (await fetch(url)).text()).match(/\S+#xywh=\S+/g).slice(-1);
    const image = new Image();
    image.crossOrigin = 'anonymous';
    image.src = new URL(picture, url);
    await image.decode();
    const [x, y, width, height] = picture.split('xywh=')[1].split(',').map(Number);
    return x + width <= image.naturalWidth && y + height <= image.naturalHeight;
  }
}

window.probe = new Probe();
