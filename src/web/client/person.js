// @ts-check
/**
 * Whom this browser acts as. A tab keeps its own person, so that two tabs can be two people; a new tab begins with the
 * one that was chosen last. Local people are authenticated by nobody: they can act in sandbox projects only.
 */

const key = 'slipway.person';

/**
 * The person to act as: named by `?as=`, else the one that was chosen before, else the first.
 * @param {readonly { id: string }[]} people
 * @param {URL} url
 */
export function personOf(people, url) {
  const wanted = [url.searchParams.get('as'), sessionStorage.getItem(key), localStorage.getItem(key)];
  const found = wanted.find((id) => people.some((one) => one.id === id));
  return found ?? people[0]?.id ?? '';
}

/**
 * Remembers the choice.
 * @param {string} id
 */
export function rememberPerson(id) {
  sessionStorage.setItem(key, id);
  localStorage.setItem(key, id);
}
