"""The article's heavy_calculation(n): nothing but one core, one integer and a loop."""


def run(params, context):
    n = params["n"]
    count = 0
    for _ in range(params["rounds"]):
        for i in range(n):
            count += i
    return str(count)
