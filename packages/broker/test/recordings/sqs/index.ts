// The scenarios of SQS: importing a file registers what it tells.
import './limits.ts';
