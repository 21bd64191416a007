/*
 * magprobe: a window that a flip-model swap chain draws
 *
 * This file is part of the magnifier device for FFmpeg.
 *
 * This is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * It is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with it; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

#define COBJMACROS
#include <string.h>
#include <windows.h>
#include <d3d11.h>

#include "frame.h"
#include "helper.h"

#define FLIP_SEQUENTIAL 3       /* DXGI_SWAP_EFFECT_FLIP_SEQUENTIAL, since Windows 8 */

static int draw(ID3D11Device *device, ID3D11DeviceContext *context, IDXGISwapChain *chain)
{
    static const float colour[4] = { 1, 0, 1, 1 };
    ID3D11RenderTargetView *view;
    ID3D11Texture2D *texture;
    HRESULT hr;

    if (FAILED(IDXGISwapChain_GetBuffer(chain, 0, &IID_ID3D11Texture2D, (void **)&texture)))
        return -1;
    hr = ID3D11Device_CreateRenderTargetView(device, (ID3D11Resource *)texture, NULL, &view);
    ID3D11Texture2D_Release(texture);
    if (FAILED(hr))
        return -1;
    ID3D11DeviceContext_ClearRenderTargetView(context, view, colour);
    ID3D11RenderTargetView_Release(view);
    return FAILED(IDXGISwapChain_Present(chain, 1, 0)) ? -1 : 0;
}

/* The device and its chain live as long as the process. */
int flip_open(HWND hwnd)
{
    HMODULE dll  = LoadLibraryExW(L"d3d11.dll", NULL, 0x800 /* LOAD_LIBRARY_SEARCH_SYSTEM32 */);
    FARPROC proc = dll ? GetProcAddress(dll, "D3D11CreateDeviceAndSwapChain") : NULL;
    DXGI_SWAP_CHAIN_DESC desc = { .BufferCount = 2, .OutputWindow = hwnd, .Windowed = TRUE };
    PFN_D3D11_CREATE_DEVICE_AND_SWAP_CHAIN create;
    ID3D11DeviceContext *context;
    IDXGISwapChain *chain;
    ID3D11Device *device;

    if (!proc)
        return -1;
    memcpy(&create, &proc, sizeof(proc));
    desc.BufferDesc.Width  = KIND_SIZE;
    desc.BufferDesc.Height = KIND_SIZE;
    desc.BufferDesc.Format = DXGI_FORMAT_B8G8R8A8_UNORM;
    desc.BufferUsage       = DXGI_USAGE_RENDER_TARGET_OUTPUT;
    desc.SampleDesc.Count  = 1;
    desc.SwapEffect        = FLIP_SEQUENTIAL;
    if (FAILED(create(NULL, D3D_DRIVER_TYPE_HARDWARE, NULL, 0, NULL, 0, D3D11_SDK_VERSION, &desc,
                      &chain, &device, NULL, &context)))
        return -1;
    return draw(device, context, chain);
}
