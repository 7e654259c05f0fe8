import type { Field, Form, Saying } from '../../message.js';
import type { Ask } from '../../parser/command.js';
import { clip } from '../fit.js';

/** A form for what a command lacks; sent, it says the whole command. */
export function asksForm(asks: readonly Ask[], say: Saying): Form {
  const label = capital(say.verb.replaceAll('-', ' '));
  return {
    title: clip(label, 24),
    about: [],
    fields: asks.map(({ name, about }) => asked(name, capital(name), about)),
    submit: clip(label, 24),
    close: 'Not now',
    say,
  };
}

/** A text that a form cannot be sent without. */
export function asked(name: string, label: string, hint = ''): Field {
  return {
    is: 'text',
    name,
    label: clip(label, 45),
    hint: clip(hint, 150),
    required: true,
    value: '',
    long: false,
  };
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
