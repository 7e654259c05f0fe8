// @ts-check
import { h } from 'preact';
import { Avatar } from './avatar.js';
import { Icon } from './icon.js';
import { actAs } from './live.js';

/**
 * @import { State } from './store.js'
 */

/**
 * Whom this browser acts as: anybody of slipway.yaml, with his roles.
 * @param {{ state: State }} props
 */
export function PeopleSwitch({ state: { workspace, me } }) {
  const people = workspace?.people ?? [];
  if (people.length === 0) return null;
  const person = people.find(({ id }) => id === me);
  const name = person?.name ?? me;
  return h(
    'div',
    { class: 'people-switch' },
    h('label', { htmlFor: 'acts-as' }, 'You act as'),
    h(
      'div',
      { class: 'acting' },
      h(Avatar, { id: me, name }),
      h('span', { class: 'acting-name', 'aria-hidden': 'true' }, name),
      h('span', { class: 'acting-roles', 'aria-hidden': 'true' }, rolesOf(person?.roles ?? [])),
      h(Icon, { name: 'down' }),
      // It lies over the words, which show only what fits.
      h(
        'select',
        {
          id: 'acts-as',
          value: me,
          onChange: (/** @type {{ currentTarget: { value: string } }} */ event) =>
            actAs(event.currentTarget.value),
        },
        people.map(({ id, name: who, roles }) =>
          h('option', { key: id, value: id }, `${who} · ${rolesOf(roles)}`),
        ),
      ),
    ),
  );
}

/** @param {string[]} roles */
const rolesOf = (roles) => (roles.length === 0 ? 'no role' : roles.join(', '));
