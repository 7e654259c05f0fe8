// @ts-check
import { h } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { LineView } from './message.js';
import { act, fromForm, send } from './sending.js';
import { change, known } from './store.js';

/**
 * @import { Field } from '../../chat/message.js'
 * @import { Asked, Sending } from './store.js'
 * @import { Outcome } from './api.js'
 * @import { Reader } from './piece.js'
 */

/**
 * A form. It closes when its answer is there; one that is refused or has no answer says so and keeps what was filled in.
 * @param {{ asked: Extract<Asked, { is: 'form' }>, reader: Reader, sending: Sending[] }} props
 */
export function FormDialog({ asked, reader, sending }) {
  const { form, where } = asked;
  const [values, setValues] = useState(() =>
    Object.fromEntries(form.fields.map(({ name, value }) => [name, value])),
  );
  const [refusal, setRefusal] = useState('');
  const [opened] = useState(() => Date.now());
  // What a form that was closed before has said stands in its room.
  const unanswered = sending.findLast(({ source, at }) => source === fromForm && at >= opened);
  const busy = unanswered !== undefined && unanswered.trouble === '';
  const close = () => change({ asked: null });
  /** @param {Outcome} outcome */
  const take = (outcome) => {
    if (outcome.is === 'refused') setRefusal(`${outcome.message} ${outcome.hint}`);
    else if (outcome.is === 'answered' && known().asked === asked) close();
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    setRefusal('');
    // What was changed since is another request; the same one is sent again by its own button.
    const args = { ...form.say.args, ...filled(values) };
    take(await act(where, { verb: form.say.verb, args }, form.title, fromForm));
  };
  const again = async () => unanswered && take(await send(unanswered));
  return h(
    Dialog,
    { title: form.title, close },
    h(
      'form',
      { class: 'form', onSubmit: submit },
      form.about.length > 0 &&
        h(
          'div',
          { class: 'form-about' },
          form.about.map((line, at) => h(LineView, { key: at, line, reader })),
        ),
      form.fields.map((field) =>
        h(FieldView, {
          key: field.name,
          field,
          value: values[field.name] ?? '',
          fill: (value) => setValues((before) => ({ ...before, [field.name]: value })),
        }),
      ),
      h(
        'div',
        { role: 'alert', class: 'form-trouble' },
        refusal !== '' && h('p', null, refusal),
        unanswered !== undefined &&
          unanswered.trouble !== '' &&
          h(
            'p',
            null,
            `Not confirmed: ${unanswered.trouble} It may still have started. `,
            h('button', { type: 'button', class: 'button default', onClick: again }, 'Send again'),
          ),
      ),
      h(
        'div',
        { class: 'buttons end' },
        h('button', { type: 'button', class: 'button default', onClick: close }, form.close),
        h(
          'button',
          { type: 'submit', class: 'button primary', 'aria-disabled': busy ? 'true' : undefined },
          form.submit,
        ),
      ),
    ),
  );
}

/**
 * Fields that were left empty are not said.
 * @param {Record<string, string>} values
 */
const filled = (values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));

/** @param {{ field: Field, value: string, fill: (value: string) => void }} props */
function FieldView({ field, value, fill }) {
  const id = `field-${field.name}`;
  // The label says it of all fields in the same way.
  const words = /^optional\.?$/i.test(field.hint) ? '' : field.hint;
  const hint = words === '' ? undefined : `${id}-hint`;
  const onInput = (/** @type {{ currentTarget: { value: string } }} */ event) =>
    fill(event.currentTarget.value);
  const common = { id, name: field.name, value, required: field.required, 'aria-describedby': hint };
  return h(
    'div',
    { class: 'field' },
    h(
      'label',
      { htmlFor: id },
      field.label,
      !field.required && !/optional/i.test(words) && h('span', { class: 'optional' }, ' optional'),
    ),
    field.is === 'choice'
      ? h(
          'select',
          { ...common, onChange: onInput },
          !field.choices.some((one) => one.value === value) && h('option', { value }, ''),
          field.choices.map((one) => h('option', { key: one.value, value: one.value }, one.label)),
        )
      : field.long
        ? h('textarea', { ...common, rows: 4, maxLength: 4_000, onInput })
        : h('input', { ...common, type: 'text', maxLength: 4_000, autocomplete: 'off', onInput }),
    hint !== undefined && h('p', { id: hint, class: 'hint' }, words),
  );
}
