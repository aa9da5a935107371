/** The operator's key that stands in docker-compose.yml. */
export const LOCAL_KEY = 'local-only-admin-key-of-a-public-file';
