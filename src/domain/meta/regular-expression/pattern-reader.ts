/** A place in the text of a pattern that moves forward. */
export class PatternReader {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.text.length;
  }

  get peek(): string | undefined {
    return this.text[this.#at];
  }

  /** As much of what follows as any operator is long. */
  get rest(): string {
    return this.text.slice(this.#at, this.#at + 200);
  }

  /** Moves behind this text when it comes next. */
  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }

  takeCharacter(): number {
    const character = this.text.codePointAt(this.#at)!;
    this.#at += character > 0xffff ? 2 : 1;
    return character;
  }

  /** What stands before the mark, or before the end where there is none; moves behind it. */
  takeUntil(mark: string): string {
    const found = this.text.indexOf(mark, this.#at);
    const taken = this.text.slice(this.#at, found < 0 ? undefined : found);
    this.#at = found < 0 ? this.text.length : found + mark.length;
    return taken;
  }
}
