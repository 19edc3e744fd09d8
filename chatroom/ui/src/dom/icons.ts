// Line icons, drawn on a grid of 24.

const shapes = {
  hash: "M5 9h14.5M4.5 15H19M10 4 8 20M16 4l-2 16",
  plus: "M12 5v14M5 12h14",
  search: "M10.8 17.5a6.7 6.7 0 1 0 0-13.4 6.7 6.7 0 0 0 0 13.4zM20 20l-4.3-4.3",
  people: "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.8 20c.3-3.6 2.8-5.7 6.2-5.7s5.9 2.1 6.2 5.7M15.5 4.9a3.5 3.5 0 0 1 0 6.3M17.8 14.7c2 .7 3.2 2.5 3.4 5.3",
  gear: "M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM19.1 13.9l1.7 1.4-1.9 3.3-2.1-.8a7.6 7.6 0 0 1-2.1 1.2l-.3 2.2h-3.8l-.4-2.2a7.6 7.6 0 0 1-2-1.2l-2.2.8-1.9-3.3 1.7-1.4a7.7 7.7 0 0 1 0-2.4L4.1 10 6 6.7l2.2.8a7.6 7.6 0 0 1 2-1.2l.4-2.2h3.8l.3 2.2a7.6 7.6 0 0 1 2.1 1.2l2.1-.8L20.8 10l-1.7 1.5a7.7 7.7 0 0 1 0 2.4z",
  send: "M5 12h13M12.5 5.5 19 12l-6.5 6.5",
  close: "M6 6l12 12M18 6 6 18",
  back: "M14.5 5 7.5 12l7 7",
  down: "M12 5v14M5.5 12.5 12 19l6.5-6.5",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2",
  alert: "M12 8.5v4.5M12 16.6v.1M10.3 4 2.9 17a2 2 0 0 0 1.7 3h14.8a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0z",
  lock: "M6.5 11h11a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11zM8 11V8a4 4 0 0 1 8 0v3",
  sun: "M12 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM12 2.8v1.7M12 19.5v1.7M2.8 12h1.7M19.5 12h1.7M5.5 5.5l1.2 1.2M17.3 17.3l1.2 1.2M18.5 5.5l-1.2 1.2M6.7 17.3l-1.2 1.2",
  moon: "M20 14.2A8.2 8.2 0 0 1 9.8 4a8.2 8.2 0 1 0 10.2 10.2z",
  screen: "M4.5 5h15A1.5 1.5 0 0 1 21 6.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 15.5v-9A1.5 1.5 0 0 1 4.5 5zM9 20.5h6",
  leave: "M14 4.5H7A1.5 1.5 0 0 0 5.5 6v12A1.5 1.5 0 0 0 7 19.5h7M10.5 12H21M17.5 8.5 21 12l-3.5 3.5",
};

export type IconName = keyof typeof shapes;

/** An icon. It says nothing to a screen reader: the button around it has a name. */
export function icon(name: IconName): SVGSVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", shapes[name]);
  svg.append(path);
  return svg;
}
