"""Scratch: real rows, live server, pictures."""
import os, uuid
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="true"
from datetime import timedelta
import pytest
from playwright.sync_api import sync_playwright
from tests.web import rows
from wakeel.store.models import *

def fill():
    home=rows.house()
    home.user.is_staff=True; home.user.save()
    names=[("مريم القحطاني","شركة أفق للمقاولات","متابعة بعد العرض التجريبي",timedelta(hours=22,minutes=25)),("جود الشمري","مجموعة النخيل","تجديد عقد الصيانة",timedelta(hours=23,minutes=20)),("سلمان العتيبي","تقنيات مدار","شحنة متأخرة، طلب بديل",timedelta(hours=10)),("عبير المنصور","شركة أفق للمقاولات","متابعة بعد العرض التجريبي",timedelta(hours=3)),("خالد المنصور","عيادات سما","ربط متجر إلكتروني",None),("Omar Haddad","Blue Harbour Ltd","Renewal of 40 licences",timedelta(hours=30))]
    deals=[]
    for i,(n,o,t,ago) in enumerate(names):
        c=rows.contact(home,n,phone=f"+96650972223{i}",organisation=o,wrote_ago=ago)
        d=rows.opportunity(home,c,key=f"k{i}",title=t,score=90-i*7)
        deals.append((c,d))
    c,d=deals[0]; rows.agreed(home,c)
    InboundMessage.objects.create(business=home.business,wamid="w1",contact=c,kind="text",text="السلام عليكم، وصلني العرض لكن عندي سؤال عن التركيب",sent_at=rows.now()-timedelta(hours=22,minutes=25),recorded_at=rows.now())
    df=rows.draft(home,d,text="أهلًا مريم، شكرًا لوقتك أمس. بخصوص متابعة بعد العرض التجريبي: نقدر نبدأ هذا الأسبوع، والسعر شامل التركيب والتدريب. هل يناسبك اتصال قصير غدًا الساعة 11:00 صباحًا؟")
    Decision.objects.create(business=home.business,operator=home.operator,via="phone",tap_key="t1",action="accept",opportunity=d,answer="accepted",carried_out=True,at=rows.now()-timedelta(minutes=3))
    df2=rows.draft(home,deals[2][1]); 
    df3=rows.draft(home,deals[3][1]); rows.agreed(home,deals[3][0]); m=rows.message(home,df3,state="failed",failure_code=131047); rows.attempt(m,failure_code=131047)
    c6=rows.contact(home,"هند حداد",phone="+966501112233"); d6=rows.opportunity(home,c6,key="k9"); df6=rows.draft(home,d6); m6=rows.message(home,df6,state="held",hold_code="NO_CONSENT"); VerdictRow.objects.create(business=home.business,draft=df6,outbox=m6,phase="claim",answer="hold",code="NO_CONSENT",facts={"purpose":"offers"},policy_version="x",ledger_seq=0,at=rows.now())
    c7=rows.contact(home,"يوسف النجار",phone="+966501112244"); d7=rows.opportunity(home,c7,key="k10"); m7=rows.message(home,rows.draft(home,d7),state="unknown"); rows.attempt(m7,outcome="unknown",started_ago=timedelta(minutes=5))
    c8=rows.contact(home,"بدر الخطيب",phone="+966501112255"); rows.agreed(home,c8); d8=rows.opportunity(home,c8,key="k11"); m8=rows.message(home,rows.draft(home,d8),state="pending",due_in_s=600)
    InboxRow.objects.create(digest=b"1"*32,body=b"{}",received_at=rows.now(),state="quarantined",errors=[{"path":"entry[0].changes[0].value.messages[1]","error":"timestamp is not a number"}])
    Heartbeat.objects.create(role="worker",pid=1,started_at=rows.now(),at=rows.now())
    return home,dict(item=d.id,item2=deals[2][1].id,opp=deals[1][1].id,failed=deals[3][1].id,way=d8.id,contact=c.id)

@pytest.mark.django_db(transaction=True)
def test_shots(live_server, settings):
    settings.ALLOWED_HOSTS=["*"]
    home,ids=fill()
    only=os.environ.get("ONLY","").split(",") if os.environ.get("ONLY") else None
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path="/usr/bin/chromium",args=["--disable-dev-shm-usage"])
        errors=[]
        for lang in ("ar","en"):
            for w,h in ((1280,860),(1440,900),(390,844),(320,640)):
                for scheme in ("light","dark"):
                    if scheme=="dark" and (lang=="en" or w==1280): continue
                    if w==1440 and scheme=="light": continue
                    cx=b.new_context(viewport={"width":w,"height":h},color_scheme=scheme)
                    pg=cx.new_page()
                    pg.on("console",lambda m: errors.append(m.text) if m.type in("error","warning") else None)
                    cx.add_cookies([{"name":"wakeel-language","value":lang,"url":live_server.url}])
                    pg.goto(live_server.url+"/login/")
                    if w!=1440: pg.screenshot(path=f"/tmp/web/{lang}-{w}-login.png")
                    pg.fill("[name=username]","sara"); pg.fill("[name=password]",rows.PASSWORD); pg.click("main button.primary")
                    for name,path in dict(queue="/",item=f"/i/{ids['item']}/",blocked=f"/i/{ids['item2']}/",opp=f"/i/{ids['opp']}/",failed=f"/i/{ids['failed']}/",way=f"/i/{ids['way']}/",outbox="/outbox/",failures="/failures/",contact=f"/contacts/{ids['contact']}/",consent=f"/contacts/{ids['contact']}/consent/",health="/health/",enrol="/operators/enrol/").items():
                        if only and name not in only: continue
                        r=pg.goto(live_server.url+path)
                        if r.status!=200: errors.append(f"{name} {r.status}")
                        from axe_playwright_python.sync_playwright import Axe
                        for v in Axe().run(pg).response["violations"]: errors.append(f"axe {name} {lang} {w} {scheme} {v['id']} {v['nodes'][0]['html'][:120]}")
                        over=pg.evaluate("document.documentElement.scrollWidth>innerWidth")
                        if over: errors.append(f"sideways {name} {lang} {w}")
                        pg.screenshot(path=f"/tmp/web/{lang}-{w}-{scheme}-{name}.png",full_page=(w==390 or name in("failures","contact","consent","health")))
                    cx.close()
        print("ERR",set(errors)); b.close(); open("/tmp/web/err.txt","w").write("\n".join(sorted(set(errors))))
