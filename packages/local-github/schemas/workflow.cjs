// Under Jest, GitHub's workflow schema is read here: the parser imports it as JSON without the attribute that Node asks for.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const parser = join(__dirname, '../../../node_modules/@actions/workflow-parser/dist');
module.exports = JSON.parse(readFileSync(join(parser, 'workflow-v1.0.min.json'), 'utf8'));
