/** Views name messages by their markers too, so the markers stand with them. */
export * from '../../chat/markers.js';
