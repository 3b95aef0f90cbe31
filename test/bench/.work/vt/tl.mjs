import { spawnSync } from 'node:child_process'
const acc={}
const med=a=>{a=[...a].sort((x,y)=>x-y);return a[a.length>>1]}
for(let r=0;r<9;r++)for(const [c,f] of [['without','tlplain'],['with','tlplain'],['with','tlimp'],['with','tlcas']]){
const t0=Date.now();const p0=performance.timeOrigin+performance.now()
const o=spawnSync(process.execPath,['/work/wt-bench/node_modules/vitest/vitest.mjs','run','--root','.','--config',`${c}.config.mjs`,`${f}.test.mjs`],{encoding:'utf8',env:{...process.env,CI:'1',NO_COLOR:'1'}})
const end=performance.timeOrigin+performance.now()
const m=[...o.stdout.matchAll(/@(\w+) ([\d.]+)/g)].map(x=>[x[1],+x[2]-p0])
if(!m.length)console.log(o.stdout,o.stderr)
for(const [k,v] of [...m,['exit',end-p0]])((acc[c+' '+f]??={})[k]??=[]).push(v)}
for(const k in acc)console.log(k.padEnd(20),Object.entries(acc[k]).map(([n,v])=>n+' '+med(v).toFixed(0)).join('  '))
