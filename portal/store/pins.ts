import type { Client, Pin, PinBoard, PinUse, StreamMessage } from '../api/api.ts';
import { loaded, loader } from './loaded.ts';

type PinClient = Pick<Client, 'pins' | 'assignPin' | 'clearPin' | 'testPin' | 'switchPin' | 'identify'>;

/** The pins of the board as they are now. */
export const createPins = (client: PinClient) => {
  const board = loaded<PinBoard>();
  const load = loader(board, (signal) => client.pins(signal));

  const put = (pin: Pin) => {
    const { value } = board.value;
    if (!value) return;
    const pins = value.pins.map((other) => (other.line === pin.line ? pin : other));
    board.value = { ...board.value, value: { ...value, pins } };
  };

  const kept = async (request: ReturnType<PinClient['assignPin']>) => {
    const answer = await request;
    if (answer.kind === 'ok') put(answer.value);
    return answer;
  };

  return {
    board,
    load,
    receive: (message: StreamMessage) => {
      // Who has a pin that is free again is only told when all are asked for.
      if (message.type === 'pin') put(message.pin);
    },
    assign: (line: number, use: PinUse) => kept(client.assignPin(line, use)),
    clear: async (line: number) => {
      const answer = await client.clearPin(line);
      if (answer.kind === 'ok') await load();
      return answer;
    },
    test: (line: number) => kept(client.testPin(line)),
    switch: (line: number, on: boolean) => kept(client.switchPin(line, on)),
    identify: client.identify,
  };
};
