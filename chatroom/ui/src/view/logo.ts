// The sign of the house.

export function logo(): SVGSVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("class", "logo");
  svg.setAttribute("aria-hidden", "true");
  const draw = (tag: string, attributes: { [name: string]: string }) => {
    const el = document.createElementNS(ns, tag);
    for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
    svg.append(el);
  };
  draw("rect", { class: "logo-ground", width: "32", height: "32", rx: "9" });
  draw("path", {
    class: "logo-bubble",
    d: "M8 10.5A2.5 2.5 0 0 1 10.5 8h11a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1-2.5 2.5H15l-4.2 3.6a.8.8 0 0 1-1.3-.6V20A2.5 2.5 0 0 1 8 17.5z",
  });
  for (const cx of ["12.3", "16", "19.7"]) draw("circle", { class: "logo-ground", cx, cy: "14", r: "1.4" });
  return svg;
}
