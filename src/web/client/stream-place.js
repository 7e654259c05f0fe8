// @ts-check
/**
 * A browser keeps at most six connections to one server, for all its tabs together, and each stream of events is one of
 * them. So a tab that nobody looks at has a stream only while it has one of two places: with more there would be no
 * connection left to load a page with, or to send what somebody types.
 */
const places = 2;

/** Gives the place of this tab back. @type {(() => void) | undefined} */
let leave;

const isLookedAt = () => document.visibilityState === 'visible';

/** Whether this tab may have a stream now. */
export async function mayStream() {
  if (isLookedAt()) {
    leave?.();
    leave = undefined;
    return true;
  }
  for (let place = 0; place < places && leave === undefined; place += 1)
    leave = await taken(`slipway-stream-${place}`);
  return leave !== undefined || isLookedAt();
}

/**
 * Takes a place that is free; it is held until it is left, or the tab is closed.
 * @param {string} name
 * @returns {Promise<(() => void) | undefined>}
 */
const taken = (name) =>
  new Promise((answer, refuse) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock === null) return answer(undefined);
        return new Promise((end) => answer(() => end(undefined)));
      })
      .catch(refuse);
  });
