// What the page is shown on.

/** Below this width the list of rooms and the room are two views. */
export const phone = matchMedia("(max-width: 699px)");

/** From this width on the panel stands beside the room; below it lies over it. */
export const wide = matchMedia("(min-width: 1000px)");

/** Fingers, and a keyboard on the screen rather than on the table. */
export const touch = matchMedia("(pointer: coarse)");
