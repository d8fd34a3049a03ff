/** The power fails at the n-th call: that one and every later one throw, as if the program were no more. Counts from 1. */
export function failingAtCall<T extends object>(real: T, call: number): { fileSystem: T; hasFailed: () => boolean } {
  let calls = 0;
  const fileSystem = new Proxy(real, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        calls += 1;
        if (calls >= call) return Promise.reject(new Error('the power is gone'));
        return Reflect.apply(member, target, args);
      };
    },
  });
  return { fileSystem, hasFailed: () => calls >= call };
}
