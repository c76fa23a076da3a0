def test_probe(page, site):
    p = page(390, 900)
    site.open(p, "dir", f"/tasks/{site.task('scanners')}")
    a = p.locator('a[href$="move"]')
    print(a.bounding_box(), a.evaluate("e => [getComputedStyle(e).display, getComputedStyle(e).minHeight, e.parentElement.outerHTML]"))
    print(p.evaluate("[...document.querySelectorAll('.facts a, .facts summary, .facts button')].map(e => [e.tagName, e.textContent.trim().slice(0,20), JSON.stringify(e.getBoundingClientRect())])"))
