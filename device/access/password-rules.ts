import { limits } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';

/** The first that are tried, of those long enough to pass the rule of length. Compared without case. */
const commonPasswords = new Set([
  '0123456789',
  '0987654321',
  '1111111111',
  '1234567890',
  '12345678910',
  '123456789a',
  '1234567891',
  '0000000000',
  '1q2w3e4r5t',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'abcdefghij',
  'administrator',
  'changeme123',
  'football123',
  'iloveyou123',
  'kerberos123',
  'kerberos.io',
  'kerberosedge',
  'letmein123',
  'password00',
  'password01',
  'password1!',
  'password12',
  'password123',
  'password1234',
  'passwordpassword',
  'princess123',
  'qwerty1234',
  'qwerty12345',
  'qwerty123456',
  'qwertyuiop',
  'qwertzuiop',
  'raspberrypi',
  'sunshine123',
  'surveillance',
  'welcome123',
  'welcome1234',
]);

/** Throws Failure `invalid-input` that says what is wrong with the password. Length and a few refusals, nothing about its characters. */
export function checkPassword(username: string, password: string): void {
  if (password.length < limits.passwordMinLength) throw refusal(`It needs at least ${limits.passwordMinLength} characters.`);
  if (password.length > limits.passwordMaxLength) throw refusal(`It may have at most ${limits.passwordMaxLength} characters.`);
  const folded = password.normalize('NFKC').toLowerCase();
  if (folded === username.normalize('NFKC').toLowerCase()) throw refusal('It must not be the name.');
  if (new Set(folded).size < 3 || commonPasswords.has(folded)) throw refusal('It is one of the first that anyone would try.');
}

function refusal(reason: string): Failure {
  return new Failure('invalid-input', `This password cannot be used. ${reason}`, { action: 'Choose another, for example a few words.' });
}
