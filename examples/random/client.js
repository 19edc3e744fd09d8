let socket = io();

let interval = setInterval(() => {
  socket.emit("random", Math.random());
}, 500);

socket.on("warn", (count) => {
  console.log("warning count : " + count);
});

socket.on("disconnect", () => {
  clearInterval(interval);
});
