// A Modbus TCP server whose process image is a tank: 50 s to fill, 50 s to drain.
import modbus from 'modbus-serial';

const FULL = 1000;
const TANK_LEVEL = 0;
const SECONDS_RUNNING = 1;

const start = Date.now();

function tankLevel() {
  const phase = Math.floor((Date.now() - start) / 50) % (2 * FULL);
  return phase < FULL ? phase : 2 * FULL - phase;
}

function holdingRegister(address) {
  if (address === TANK_LEVEL) return tankLevel();
  if (address === SECONDS_RUNNING) return Math.floor((Date.now() - start) / 1000) & 0xffff;
  throw Object.assign(new Error(`illegal data address ${address}`), { modbusErrorCode: 2 });
}

const port = Number(process.env.MODBUS_PORT ?? 1502);
const server = new modbus.ServerTCP({ getHoldingRegister: holdingRegister }, { host: '0.0.0.0', port, unitID: 1 });
server.on('initialized', () => console.log(`Modbus TCP server on port ${port}`));
server.on('socketError', (error) => console.error(error.message));
server.on('serverError', (error) => {
  console.error(error.message);
  process.exit(1);
});
process.on('SIGTERM', () => process.exit(0));
