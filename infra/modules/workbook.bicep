param location string
param tags object
param componentId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'aks-subnet-auditor')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'AKS subnet auditor: runs'
    category: 'workbook'
    sourceId: componentId
    version: 'Notebook/1.0'
    serializedData: loadTextContent('../queries/workbook.json')
  }
}
