// The address of the page: "/" for the list of rooms, "/r/7" for a room. Going to a room from the list makes an entry in
// the browser's history, so that "back" on a phone leads to the list.

export function roomOfAddress(): number | undefined {
  const match = /^\/r\/(\d+)$/.exec(location.pathname);
  return match ? Number(match[1]) : undefined;
}

export function address(room: number | undefined): string {
  return room === undefined ? "/" : "/r/" + room;
}

/** Shows a room's address. Only the step from the list to a room can be taken back. */
export function navigate(room: number | undefined): void {
  const to = address(room);
  if (location.pathname === to) return;
  if (room !== undefined && roomOfAddress() === undefined) history.pushState({ fromList: true }, "", to);
  else history.replaceState(history.state, "", to);
}

/** Goes back to the list of rooms. */
export function backToList(): void {
  if (history.state?.fromList) history.back();
  else {
    history.replaceState(null, "", "/");
    dispatchEvent(new PopStateEvent("popstate"));
  }
}
