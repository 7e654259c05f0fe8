import type { Chat } from '../../chat/chat.js';
import type { Leases } from '../../engine/ports/leases.js';
import { openPlace, type Place, type Time } from './place.js';
import type { Told, Wanted } from './wanted.js';

/** Every room of every chat, by what is shown there: a run, the line of a freeze. */
export interface Rooms {
  /**
   * What rooms should show of a subject from now on. `look` asks for it again, when it had to wait. False: a chat could
   * not be asked whether it has them.
   */
  show(subject: string, wanted: readonly Wanted[], look?: () => void): Promise<boolean>;
  /** Tells people alone, once each, in the chats that have this room. False: not everybody could be told. */
  tell(room: string, told: readonly Told[]): Promise<boolean>;
  /** Waits for what is being said right now. */
  idle(subject: string): Promise<void>;
  /** Whether everything that is wanted of it is shown. */
  isDone(subject: string): boolean;
  /** Shows nothing more of it. What stands there stays. */
  forget(subject: string): void;
  /** Waits until everything was tried, without the pauses between edits. */
  settled(): Promise<void>;
  stop(): void;
}

interface RoomsOptions {
  chats: readonly Chat[];
  leases: Leases;
  worker: string;
  time: Time;
  warn(text: string, error: unknown): void;
}

/** Opens the rooms of these chats. */
export function openRooms(options: RoomsOptions): Rooms {
  const { chats, warn } = options;
  const subjects = new Map<string, Map<string, Place>>();
  const told = new Set<string>();
  let isStopped = false;
  const placesOf = (subject: string): Place[] => [...(subjects.get(subject)?.values() ?? [])];
  const all = (): Place[] => [...subjects.values()].flatMap((places) => [...places.values()]);
  const placeFor = (subject: string, chat: Chat, room: string, look?: () => void): Place => {
    const places = subjects.get(subject) ?? new Map<string, Place>();
    subjects.set(subject, places);
    const key = `${chat.name} ${room}`;
    const place = places.get(key) ?? openPlace({ ...options, chat, room, look });
    places.set(key, place);
    return place;
  };
  const showIn = async (
    chat: Chat,
    subject: string,
    wanted: readonly Wanted[],
    look?: () => void,
  ): Promise<boolean> => {
    try {
      for (const room of new Set(wanted.map((one) => one.room))) {
        if (!(await chat.has(room)) || isStopped) continue;
        placeFor(subject, chat, room, look).show(wanted.filter((one) => one.room === room));
      }
      return true;
    } catch (error) {
      warn(`${chat.name} does not say which rooms it has`, error);
      return false;
    }
  };
  const tellOne = async (chat: Chat, { person, marker, message }: Told): Promise<boolean> => {
    const key = `${chat.name} ${person} ${marker}`;
    if (told.has(key)) return true;
    try {
      await chat.tell(person, marker, message);
      told.add(key);
      return true;
    } catch (error) {
      warn(`${person} was not told in ${chat.name}, tried again`, error);
      return false;
    }
  };
  return {
    async show(subject, wanted, look) {
      const shown = chats.map((chat) => showIn(chat, subject, wanted, look));
      return (await Promise.all(shown)).every(Boolean);
    },
    async tell(room, wanted) {
      let isTold = true;
      for (const chat of chats) {
        if (wanted.length === 0 || !(await chat.has(room))) continue;
        for (const one of wanted) isTold = !isStopped && (await tellOne(chat, one)) && isTold;
      }
      return isTold;
    },
    idle: async (subject) => void (await Promise.all(placesOf(subject).map((place) => place.idle()))),
    isDone: (subject) => placesOf(subject).every((place) => place.isDone()),
    forget(subject) {
      for (const place of placesOf(subject)) place.stop();
      subjects.delete(subject);
    },
    settled: async () => void (await Promise.all(all().map((place) => place.settled()))),
    stop() {
      isStopped = true;
      for (const place of all()) place.stop();
    },
  };
}
