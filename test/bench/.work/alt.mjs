import { ask, clientOf } from '../talk.mjs'
import limit from '../tools/limit.mjs'
import chunks from '../tools/limit-chunks.mjs'
import cassette from '../tools/cassette.mjs'
import { median, timesOf } from '../measures/numbers.mjs'
const size=+process.argv[2]||0, n=size>5e5?10:size?20:100, dir=process.argv[3]??'/tmp/bench/one', m=+process.argv[4]||1
const acc={l:[],k:[],c:[]}
await limit.replay('',{},async o=>{const l=await clientOf(o);await chunks.replay('',{},async o2=>{const k=await clientOf(o2);await cassette.replay(dir,{repeat:true},async()=>{const c=await clientOf();
const cl={l,k,c};let i=0
for(const x of ['l','k','c'])await timesOf(size?10:300,()=>ask(cl[x],x=='c'?i++%m:0,{size,check:x==='c'}))
const rk=[],rc=[],dc=[]
for(let r=0;r<(size?12:30);r++){const t={};for(const x of r%2?['l','k','c']:['c','k','l'])t[x]=median(await timesOf(n,()=>ask(cl[x],(i++)%m,{size,check:x==='c'})));rk.push(t.k/t.l);rc.push(t.c/t.l);dc.push(t.c-t.l);acc.l.push(t.l)}
console.log('limit',median(acc.l).toFixed(3),'chunks x',median(rk).toFixed(3),'cassette x',median(rc).toFixed(3),'+',median(dc).toFixed(3),'ms')
// 50 way
const way=async c=>{let left=500;const s=performance.now();await Promise.all(Array.from({length:50},async()=>{while(left-->0)await ask(c,0,{check:false})}));return 500/(performance.now()-s)}
if(!size){const a=[],b=[];for(let r=0;r<10;r++){const L=await way(l);const C=await way(c);const K=await way(k);a.push(C/L);b.push(K/L)}
console.log('50 way cassette',median(a).toFixed(3),'chunks',median(b).toFixed(3))}
})})})
process.exit(0)
