// An agent without any library: Node's own WebSocket, JSON frames.
const socket = new WebSocket(`${process.env.EXPACTI_URL.replace(/^http/, 'ws')}/ws/agent`);
const send = (frame) => socket.send(JSON.stringify(frame));

socket.onopen = () =>
  send({ type: 'hello', protocol: 1, token: process.env.EXPACTI_SHELL_TOKEN, client: { name: 'bare', version: '1' } });
socket.onmessage = ({ data }) => {
  const frame = JSON.parse(data);
  if (frame.type === 'welcome') send({ type: 'command.submit', ref: '1', command: 'uname -s', cwd: '/tmp' });
  if (frame.type === 'command.pending') console.log(`waiting for a person: ${frame.review_url}`);
  if (frame.type === 'command.decided') console.log(`${frame.outcome}: ${frame.command}`);
  if (frame.type === 'error') console.error(`${frame.code}: ${frame.message}`);
  if (frame.type === 'command.decided' || frame.type === 'error') socket.close();
};
