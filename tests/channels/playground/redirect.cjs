// Lets the playground sign in at the stand-in: connections to Microsoft's sign-in service go to this machine.
const tls = require("node:tls");

const connect = tls.connect;
tls.connect = (options, ...rest) => {
  const isSignIn = [options.host, options.hostname, options.servername].includes("login.microsoftonline.com");
  const local = { ...options, host: "127.0.0.1", port: Number(process.env.SIGN_IN_PORT) };
  return connect(isSignIn ? local : options, ...rest);
};
