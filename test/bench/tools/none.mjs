export default { name: 'nothing', record: (_, __, work) => work({}) }
