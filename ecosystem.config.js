// The chat under pm2: `make build`, then `pm2 start ecosystem.config.js`.
module.exports = {
  apps: [
    {
      name: "chatroom",
      cwd: __dirname,
      script: "bin/chatroom",
      // The program is a binary, so pm2 starts it as it is; its cluster mode is for Node programs only.
      interpreter: "none",
      exec_mode: "fork",
      instances: 1,

      // The program says when it listens, and `pm2 start` returns then.
      wait_ready: true,
      listen_timeout: 30000,

      // On SIGINT it tells its clients, commits what it has and exits 0; it is killed after this.
      kill_timeout: 20000,

      // After wrong usage, a missing permission or a wrong configuration another start would fail as well.
      autorestart: true,
      stop_exit_codes: [2, 7, 78],
      exp_backoff_restart_delay: 100,
      merge_logs: true,
    },
  ],
};
