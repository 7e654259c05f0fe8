/** Something that could be typed next. */
export interface Completion {
  /** The whole line after it is taken. */
  line: string;
  label: string;
  about: string;
}
