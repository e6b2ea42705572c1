// What is chosen beside a picture comes by a courier, who may be late or still tell what was chosen before the picture
// was there. So his word counts until somebody chooses in the picture itself, and from then on only what is newer.

export class Beside {
  #times = null; // how often something beside the picture had chosen when we last listened
  #isOurs = false;

  // Somebody chose in the picture.
  passOver() {
    this.#isOurs = true;
  }

  isToFollow({ times }) {
    const isNewer = this.#times !== null && times !== this.#times;
    this.#times = times;
    if (this.#isOurs && !isNewer) return false;
    this.#isOurs = false;
    return true;
  }
}
