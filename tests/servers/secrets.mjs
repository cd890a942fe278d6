/*
 * secrets: what no output, log, journal, target or process list may ever show. Made so that mistakes in
 * escaping change them.
 */
export const PASSWORD = 'Hemlig %41/ö=7d1b';
export const PASSPHRASE = 'Nyckelfras & 9f2c';
export const WRONG = 'Fel hemlighet 55aa';
export const S3_KEY = 'TESTKEY';
export const S3_SECRET = 'Test+Secret/=3c8e';

/* A secret in the forms in which it may slip out. */
export const forms = (secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
/* As HTTP sends it: the three ways in which it can lie in base64 behind a user name. */
export const basicForms = (user, secret) => [Buffer.from(`${user}:${secret}`).toString('base64')];
