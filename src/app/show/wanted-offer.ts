import { fixupOffer } from '../../chat/views/fixup-offer.js';
import type { Offered } from '../offered.js';
import { offerMarker } from '../../chat/markers.js';
import type { Wanted } from './wanted.js';

/** The offer of a next candidate: asked while somebody may take it up, then closed where it stands. Pure. */
export function wantedOffer(room: string, { line, offer, isOpen, facts }: Offered): Wanted {
  return {
    room,
    marker: offerMarker(line, offer.candidate),
    message: fixupOffer(facts),
    how: isOpen ? 'now' : 'if-there',
  };
}
