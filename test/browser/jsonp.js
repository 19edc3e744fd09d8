// A client of Engine.IO 3 that polls by scripts and posts by forms, as small as can be.
window.___eio = [];

// poll asks for the next payload.
function poll(url) {
  return new Promise((resolve, reject) => {
    const j = ___eio.length;
    const script = document.createElement("script");
    ___eio.push((payload) => {
      script.remove();
      resolve(payload);
    });
    script.onerror = () => reject(new Error("the script failed"));
    script.src = url + "&t=" + j + "&j=" + j;
    document.head.append(script);
  });
}

// post sends a payload.
function post(url, payload) {
  return new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.name = "posted";
    document.body.append(frame);
    const form = document.createElement("form");
    Object.assign(form, { method: "POST", action: url + "&j=0", target: "posted", acceptCharset: "utf-8" });
    const area = document.createElement("textarea");
    area.name = "d";
    area.value = payload.replaceAll("\\n", "\\\\n").replaceAll("\n", "\\n");
    form.append(area);
    document.body.append(form);
    frame.onload = () => {
      frame.remove();
      form.remove();
      resolve();
    };
    form.submit();
  });
}

const framed = (packet) => packet.length + ":" + packet;

async function open(server) {
  const url = server + "/engine.io/?EIO=3&transport=polling&b64=1";
  const payload = await poll(url);
  return url + "&sid=" + JSON.parse(payload.slice(payload.indexOf(":") + 2)).sid;
}

// echoes says which text does not come back as it went, or nothing.
async function echoes(server) {
  const url = await open(server);
  const texts = ["hello", "é€😀 ж", "a\nb", "a\\nb", 'back \\ quote " <b>&amp;+%', "\u2028 \u2029 \u007f", "x".repeat(50_000)];
  for (const text of texts) {
    await post(url, framed("4" + text));
    const got = await poll(url);
    if (got !== framed("4" + text)) {
      return "sent " + JSON.stringify(text).slice(0, 100) + ", got " + JSON.stringify(got).slice(0, 100);
    }
  }
  await post(url, framed("b4AAH/"));
  const binary = await poll(url);
  return binary === framed("b4AAH/") ? "" : "binary came back as " + binary;
}

// refused says why a session can't be opened.
const refused = (server) => open(server).then(() => "a session was opened", (e) => e.message);
